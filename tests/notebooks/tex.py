"""Does the mathematics in a markdown cell parse? No browser is asked."""

import re

try:
    from latex2mathml.converter import convert
except ImportError:  # a second opinion, not a need
    convert = None

FENCED = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
INLINE_CODE = re.compile(r"`[^`\n]*`")
SPAN = re.compile(
    r"(?<!\\)\$\$(.+?)(?<!\\)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<![\s\\])\$(?!\d)", re.S
)
MACROS = """
    frac dfrac tfrac binom sqrt sum prod int lim max min arg sup inf log ln exp sin cos tan tanh
    sinh cosh left right middle big Big bigg Bigg bigl bigr Bigl Bigr lfloor rfloor lceil rceil
    langle rangle lvert rvert lVert rVert vert Vert mid lbrace rbrace backslash alpha beta gamma
    delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    partial nabla infty ell forall exists in notin subset subseteq cup cap emptyset setminus cdot
    cdots ldots dots vdots ddots times div pm mp ast star circ odot otimes oplus le leq ge geq lt
    gt ne neq ll gg approx sim simeq equiv propto to rightarrow leftarrow Rightarrow Leftarrow
    leftrightarrow Leftrightarrow mapsto longrightarrow iff implies uparrow downarrow hat widehat
    tilde widetilde bar overline underline vec dot ddot overbrace underbrace overset underset
    stackrel xrightarrow xleftarrow substack limits nolimits mathbf mathbb mathcal mathrm mathit
    mathsf mathtt boldsymbol text textbf textit texttt operatorname begin end quad qquad tag
    displaystyle textstyle color boxed top prime det dim Pr bmod pmod mod not hline
"""
KNOWN = frozenset(MACROS.split())


def without_code(markdown: str) -> str:
    """The text with every code span and block blanked, its length unchanged."""
    for code in (FENCED, INLINE_CODE):
        markdown = code.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), markdown)
    return markdown


def problems(markdown: str) -> list[str]:
    """What is wrong with the formulas of a cell."""
    text = without_code(markdown)
    found = []
    for span in SPAN.finditer(text):
        tex = span[1] or span[2]
        if problem := problem_of(tex):
            found.append(f"formula {tex.strip()[:50]!r}: {problem}")
    if re.search(r"(?<!\\)\$", SPAN.sub("", text)):
        found.append("a $ without its partner")
    return found


def problem_of(tex: str) -> str | None:
    """Unknown macros, braces, \\left and \\right, environments; None if all is well."""
    if unknown := [name for name in re.findall(r"\\([A-Za-z]+)", tex) if name not in KNOWN]:
        return f"unknown macro \\{unknown[0]}"
    depth = 0
    for brace in re.findall(r"\\.|[{}]", tex):
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return "a } too many"
    if depth:
        return "a } is missing"
    if len(re.findall(r"\\left(?![a-z])", tex)) != len(re.findall(r"\\right(?![a-z])", tex)):
        return "\\left and \\right do not match"
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", tex):
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            return f"\\end{{{name}}} without its \\begin"
    if opened:
        return f"\\begin{{{opened[0]}}} without its \\end"
    if "&" in re.sub(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}|\\&", "", tex, flags=re.S):
        return "& outside an environment"
    if convert:
        try:
            convert(tex)
        except Exception as problem:  # the converter raises many kinds
            return f"does not parse ({type(problem).__name__})"
    return None
