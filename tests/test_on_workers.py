"""How the tests are shared among workers; on the build server none is skipped."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.on_workers import Shares, group_of, is_failure, rank

BATCH = ("crm_batch", "session", "tests")
SMALL = ("read_raw", "session", "tests")
BUILT_IN = ("tmp_path_factory", "session", "")
OF_A_TEST = ("small_tables", "function", "tests/test_x.py")
OF_A_FILE = ("made", "module", "tests/end_to_end/test_x.py")
OF_A_FOLDER = ("libreoffice_values", "session", "tests/parity")


@pytest.mark.parametrize(
    ("fixtures", "group"),
    [
        ([], ""),
        ([SMALL, BUILT_IN, OF_A_TEST], ""),
        ([OF_A_FILE, BUILT_IN], "tests/end_to_end/test_x.py"),
        ([OF_A_FILE, OF_A_FOLDER], "tests/parity"),
        ([OF_A_FOLDER, BATCH], "tests/wine"),
    ],
)
def test_tests_that_share_something_dear_stay_together(fixtures: list[tuple[str, str, str]], group: str) -> None:
    assert group_of("tests/somewhere/test_x.py::test_one", iter(fixtures)) == group


def test_there_is_one_windows_computer() -> None:
    ids = ["tests/wine/test_calls.py::test_one", "tests/wine/new/test_two.py::test_two[a]"]
    assert {group_of(nodeid, iter([OF_A_FILE, BATCH])) for nodeid in ids} == {"tests/wine"}


def test_the_longest_begin_and_the_short_ones_fill_the_end() -> None:
    ordered = [
        ("tests/wine/test_calls.py::test_one", "tests/wine"),
        ("tests/end_to_end/test_x.py::test_one", "tests/end_to_end/test_x.py"),
        ("tests/parity/test_hosts.py::test_one", "tests/parity"),
        ("tests/test_schedule.py::test_one", "tests/test_schedule.py"),
        ("tests/batch/test_batch.py::test_one", ""),
        ("tests/functions/test_growth.py::test_one", ""),
    ]
    ranks = [rank(nodeid, group) for nodeid, group in ordered]
    assert ranks == sorted(set(ranks))


def _report(outcome: str) -> pytest.TestReport:
    return pytest.TestReport("tests/x.py::t", ("x", 1, "t"), {}, outcome, None, "call")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "ci", "platform", "failed"),
    [
        ("skipped", "true", "linux", True),
        ("skipped", "", "linux", False),
        ("skipped", "true", "win32", False),
        ("passed", "true", "linux", False),
    ],
)
def test_on_the_build_server_a_skip_is_a_failure(outcome: str, ci: str, platform: str, failed: bool) -> None:
    assert is_failure(_report(outcome), ci, platform) is failed


def test_an_expected_failure_is_no_skip() -> None:
    report = _report("skipped")
    report.wasxfail = "known"
    assert not is_failure(report, "true", "linux")


def test_a_skip_really_fails_there_and_says_why(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile("import pytest\n\n\ndef test_one():\n    pytest.skip('no Wine')\n")
    plugins = ("-p", "tests.on_workers", "-p", "no:cacheprovider")
    monkeypatch.delenv("CI", raising=False)
    pytester.runpytest_inprocess(*plugins).assert_outcomes(skipped=1)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr("sys.platform", "linux")
    done = pytester.runpytest_inprocess(*plugins)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*on the build server every test must be: *no Wine*"])


def test_tests_with_a_dear_fixture_run_on_one_worker(pytester: pytest.Pytester) -> None:
    made = pytester.path / "made"
    for name in ("one", "two", "three"):
        pytester.makepyfile(
            **{
                f"tests/test_{name}": f"""
                import os, pytest

                @pytest.fixture(scope="module")
                def dear():
                    with open({str(made)!r}, "a") as file:
                        file.write("{name} " + os.environ["PYTEST_XDIST_WORKER"] + "\\n")

                @pytest.mark.parametrize("number", range(20))
                def test_it(dear, number):
                    pass
                """
            }
        )
    options = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "-p", "tests.on_workers")
    pytester.runpytest_subprocess(*options, "-p", "no:cacheprovider").assert_outcomes(passed=60)
    assert sorted(line.split()[0] for line in made.read_text().splitlines()) == ["one", "three", "two"]


class _Worker:
    """A worker of pytest-xdist that writes down what it is given."""

    shutting_down = False

    def __init__(self) -> None:
        self.gateway = SimpleNamespace(id="worker")
        self.given: list[list[int]] = []
        self.done = 0

    def send_runtest_some(self, indices: list[int]) -> None:
        self.given.append(indices)

    def shutdown(self) -> None:
        self.shutting_down = True

    @property
    def left(self) -> list[int]:
        return [index for some in self.given for index in some][self.done :]


def test_short_tests_of_a_function_go_together_and_long_ones_one_by_one(pytester: pytest.Pytester) -> None:
    grouped = [f"tests/x.py::test_{number}@crm_batch" for number in range(3)]
    long = [f"tests/batch/test_x.py::test_long[{number}]" for number in range(4)]
    short = [f"tests/functions/test_x.py::test_{name}[{number}]" for name in "abcd" for number in range(3)]
    tests, workers = [*grouped, *long, *short], [_Worker(), _Worker()]
    shares = Shares(pytester.parseconfig("--tx", "2*popen"))
    for worker in workers:
        shares.add_node(worker)
        shares.add_node_collection(worker, tests)
    shares.schedule()
    while shares.has_pending:
        for worker in workers:
            assert shares._pending_of(shares.assigned_work[worker]) == len(worker.left)
            if worker.left:
                first, worker.done = worker.left[0], worker.done + 1
                shares.mark_test_complete(worker, first)
    groups = [[tests[index] for index in some] for worker in workers for some in worker.given]
    assert sorted(groups) == sorted([grouped, *([test] for test in long), *(short[at : at + 3] for at in (0, 3, 6, 9))])
