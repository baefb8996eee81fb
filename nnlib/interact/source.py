"""Show the very lines of nnlib that a formula became."""

import inspect
import textwrap

from IPython.display import Markdown


def source(*functions) -> Markdown:
    """The source of each function or class, as it stands in the library."""
    code = "\n".join(textwrap.dedent(inspect.getsource(f)) for f in functions)
    return Markdown(f"```python\n{code}```")
