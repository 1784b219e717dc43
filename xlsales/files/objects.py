"""Object storage (`s3://bucket/folder`, extra `s3`): whole objects, put and read at one go, tried again for a while.

The storage's own rules stand in the place of locks and renames: an object appears with all of its bytes or not at all,
and a condition that goes with them (`If-None-Match`, `If-Match`) is checked where it is stored.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from xlsales.errors import InputError
from xlsales.texts import _

DEADLINE: Final = 60.0  # seconds that all tries of one request may take
_WAIT: Final = (0.1, 5.0)  # seconds between two tries, the first and the most
_ANSWER: Final = 20  # seconds that a try may wait for an answer
_AT_ONCE: Final = 32
_URL: Final = re.compile(r"s3:[/\\]+([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:[/\\]+(.*))?", re.DOTALL)
_PASSES: Final = ("SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "ConditionalRequestConflict")
_SERVER: Final = 500  # the first code of a fault that is the storage's own
_DIGEST: Final = "xlsales-sha256"
_RUN: Final = "xlsales-run"

T = TypeVar("T")


class UnreachableError(OSError):
    """The storage refuses, or does not answer in time: that concerns all objects."""


class OtherObjectError(FileExistsError):
    """Another object has the name, or has come into the place of the one that was to be replaced."""


@dataclass(frozen=True)
class Found:
    """An object."""

    etag: str
    digest: str | None = None  # SHA-256 of its bytes as a run put them; None for what somebody else has put there
    run: str = ""  # what the run that has put it calls itself
    size: int = 0

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Found:
        """Return what the storage tells of an object."""
        said = told.get("Metadata", {})
        return cls(told["ETag"], said.get(_DIGEST), said.get(_RUN, ""), int(told.get("ContentLength", 0)))


def is_url(place: str | Path) -> bool:
    """Whether a place is in object storage; a path may have lost one of the slashes."""
    text = place.as_posix() if isinstance(place, Path) else place
    return text == "s3:" or text.startswith("s3:/")


def url_of(place: str | Path) -> str:
    """Return the address of a place in object storage, as people write it."""
    text = place.as_posix() if isinstance(place, Path) else place
    return re.sub(r"^s3:/*", "s3://", text)


class Objects:
    """The objects of one folder."""

    def __init__(self, url: str) -> None:
        """Take the folder's address; raises InputError for what is none, or where the extra is missing."""
        found = _URL.fullmatch(url)
        if found is None:
            message = _("{url} is no folder in object storage: write s3://bucket/folder.")
            raise InputError(message.format(url=url))
        self.url = url
        self._bucket = found[1]
        self._prefix = f"{found[2].strip('/')}/" if found[2] and found[2].strip("/") else ""
        self._client = _client()

    def names(self, folder: str = "", delimiter: str = "/") -> Iterator[str]:
        """Yield the names of the objects in this folder, or in one in it."""
        prefix = self._prefix + folder
        for page in self._pages(folder, delimiter):
            yield from (one["Key"][len(prefix) :] for one in page.get("Contents", ()) if one["Key"] != prefix)

    def _pages(self, folder: str, delimiter: str) -> Iterator[Any]:
        """Yield the list of what is in a folder, a part at a time."""
        more: dict[str, str] = {}
        prefix = self._prefix + folder
        while True:
            page = self._asked(
                "list_objects_v2", folder, Bucket=self._bucket, Prefix=prefix, Delimiter=delimiter, MaxKeys=1000, **more
            )
            yield page
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def folders(self, folder: str = "") -> Iterator[str]:
        """Yield the names of the folders in this one, or in one in it."""
        for page in self._pages(folder, "/"):
            for one in page.get("CommonPrefixes", ()):
                yield one["Prefix"][len(self._prefix + folder) :].rstrip("/")

    def all_names(self) -> Iterator[str]:
        """Yield the names of all objects, those in folders in this one too, by their paths."""
        return self.names(delimiter="")

    def look(self, name: str) -> Found | None:
        """Return what is known of an object; None where there is none."""
        try:
            told = self._asked("head_object", name, Bucket=self._bucket, Key=self._prefix + name)
        except FileNotFoundError:
            return None
        return Found.of(told)

    def read(self, name: str, accept: Callable[[int], object] = lambda _size: None) -> tuple[bytes, Found] | None:
        """Return an object whole; None where there is none. `accept` may refuse it for its size."""

        def once() -> tuple[bytes, Found]:
            told = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
            with closing(told["Body"]) as body:
                found = Found.of(told)
                accept(found.size)
                return body.read(), found

        try:
            return self._tried(once, name)
        except FileNotFoundError:
            return None

    def read_part(self, name: str, found: Found, start: int, size: int) -> bytes:
        """Return some bytes of an object as it was found; raises OtherObjectError where another is there now."""

        def once() -> bytes:
            part = f"bytes={start}-{start + size - 1}"
            asked = {"Bucket": self._bucket, "Key": self._prefix + name, "Range": part, "IfMatch": found.etag}
            content: bytes = self._client.get_object(**asked)["Body"].read()
            return content

        return self._tried(once, name)

    def put(self, name: str, content: bytes, instead_of: Found | None = None, run: str = "") -> Found:
        """Put an object under a name that is free, or in the place of the one that was found there, in one request.

        The same bytes are there as well where another try or another process has put them. Raises OtherObjectError
        where somebody else's are.
        """
        digest = hashlib.sha256(content).hexdigest()
        condition = {"IfNoneMatch": "*"} if instead_of is None else {"IfMatch": instead_of.etag}
        try:
            told = self._asked(
                "put_object",
                name,
                Bucket=self._bucket,
                Key=self._prefix + name,
                Body=content,
                Metadata={_DIGEST: digest, **({_RUN: run} if run else {})},
                **condition,
            )
        except OtherObjectError:
            there = self.look(name)  # perhaps its own, of a try whose answer was lost
            if there is None or there.digest != digest:
                raise
            return there
        return Found(told["ETag"], digest, run, len(content))

    def copy(self, name: str, to: str, found: Found) -> None:
        """Copy an object as it was found, within the storage."""
        source = {"Bucket": self._bucket, "Key": self._prefix + name}
        self._asked(
            "copy_object",
            name,
            Bucket=self._bucket,
            Key=self._prefix + to,
            CopySource=source,
            CopySourceIfMatch=found.etag,
        )

    def remove(self, name: str) -> None:
        """Remove an object, if there is one."""
        with suppress(FileNotFoundError):
            self._asked("delete_object", name, Bucket=self._bucket, Key=self._prefix + name)

    def _asked(self, request: str, name: str, **arguments: Any) -> Any:
        return self._tried(lambda: getattr(self._client, request)(**arguments), name)

    def _tried(self, once: Callable[[], T], name: str) -> T:
        """Ask until there is an answer, or no more time; translate what the storage says."""
        from botocore import exceptions

        until = time.monotonic() + DEADLINE
        wait = _WAIT[0]
        while True:
            try:
                return once()
            except exceptions.ClientError as error:
                self._raise_told(error, name)
                reason = _said(error)
            except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError) as error:
                message = _("{url}: there are no credentials for it. Set AWS_ACCESS_KEY_ID and so on, or a profile.")
                raise UnreachableError(message.format(url=self.url)) from error
            except (exceptions.HTTPClientError, exceptions.ConnectionError, exceptions.ResponseStreamingError) as error:
                reason = type(error).__name__  # its text names addresses
            except (exceptions.BotoCoreError, ValueError) as error:
                raise UnreachableError(f"{self.url}: {_one_line(error)}") from error
            if time.monotonic() + wait > until:
                message = _("{url}: {name} was tried for {seconds:,.0f} seconds ({reason}).")
                told = message.format(url=self.url, name=name or _("the list"), seconds=DEADLINE, reason=reason)
                raise UnreachableError(told)
            time.sleep(wait * random.uniform(0.5, 1))
            wait = min(2 * wait, _WAIT[1])

    def _raise_told(self, error: Any, name: str) -> None:
        """Raise what the storage refuses for good; return where another try may be answered."""
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = str(error.response.get("Error", {}).get("Code", ""))
        if (status >= _SERVER and code != "NotImplemented") or code in _PASSES:
            return
        if code == "NoSuchBucket":
            message = _("{url}: there is no bucket of that name.")
            raise UnreachableError(message.format(url=self.url)) from error
        if code in ("NoSuchKey", "404", "NotFound"):
            raise FileNotFoundError(name) from error
        if code in ("PreconditionFailed", "412"):
            raise OtherObjectError(name) from error
        message = _("{url}: the storage refuses {name} ({reason}).")
        told = message.format(url=self.url, name=name or _("the list"), reason=_said(error))
        raise UnreachableError(told) from error


def _said(error: Any) -> str:
    told = error.response.get("Error", {})
    return " ".join(str(told.get(part, "")) for part in ("Code", "Message")).strip() or _one_line(error)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


@cache
def _client() -> Any:
    """Return a client that tries once; how often is decided here. Threads may share it."""
    try:
        from botocore import config, session
    except ImportError as error:
        raise InputError(_('Object storage needs s3fs: pip install "xlsales[s3]"')) from error
    once = config.Config(
        retries={"total_max_attempts": 1},
        connect_timeout=_ANSWER,
        read_timeout=_ANSWER,
        max_pool_connections=_AT_ONCE,
    )
    return session.get_session().create_client("s3", config=once)
