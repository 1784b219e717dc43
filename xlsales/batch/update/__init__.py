"""Planners that managers have filled in, brought up to new tables: a three-way merge.

    base     what the tables said when the planner was written; the planner carries it (`base.py`)
    theirs   what stands in the planner (`theirs.py`, `weeks.py`; `beside.py` names what is no input)
    ours     what the new tables say (`base.py` again: what a new planner would be filled with)

`merging.py` decides each value by its name, or by the key of its row and its column, never by its place. What comes of
it goes into the template like the inputs of any planner (`refreshed.py`), with the new tables as its base. `folder.py`
finds out whose the files are, `updating.py` is what a run asks, `telling.py` what it says.
"""
