"""Long work outside the caller: worker processes, progress, cancel, one job per key however many ask for it.

    jobs = Jobs(tasks=TASKS, warm_up="…", numba_cache=…)     # one per server
    job = jobs.submit(key, task, **plain_values)             # the one under way, or a new one
    job.state, job.progress, job.text                        # from any session, at any time
    job.cancel()                                             # ends it for everyone who waits

A result is a file that the task wrote; a job only says that it is there.
"""

from segmentation.jobs.job import Job, JobFailed, State
from segmentation.jobs.pool import Jobs
from segmentation.jobs.progress import Progress, silent

__all__ = ["Job", "JobFailed", "Jobs", "Progress", "State", "silent"]
