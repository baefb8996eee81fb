"""Which tests run in the same process, when several share the machine."""

from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.notebooks.plugin"]


class ByFile(LoadScopeScheduling):
    """A file's tests stay together; those of the browser, the tests of one notebook."""

    def _split_scope(self, nodeid):
        file, _, test = nodeid.partition("::")
        return f"{file} {test.rpartition('[')[2]}" if file.endswith("test_notebooks.py") else file


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)
