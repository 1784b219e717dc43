"""The work of a batch on a Dask cluster (extra `cluster`), through the shape of the local pool.

client    the scheduler: found, its workers' versions looked at
executor  tasks handed over, and given out again where a worker or the scheduler is lost
task      what a worker of the cluster does with one

Nothing here is imported unless `--scheduler` is given, and Dask only from here.
"""
