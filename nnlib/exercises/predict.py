"""Commit to an answer before the slider moves: then you notice what you did not know."""

import ipywidgets as widgets

from ..interact.page import page


class Predict(widgets.VBox):
    """A question with a few answers and a Check button; made by ``predict``."""

    def __init__(self, question, options, answer):
        self.question, self.options, self.answer = question, options, answer
        self.choice = widgets.RadioButtons(
            options=[(name, i) for i, name in enumerate(options)], index=None,
            description="I predict", layout={"width": "max-content"},
        )  # fmt: skip
        self.button = widgets.Button(description="Check", layout={"width": "auto"})
        self.button.layout.align_self = "flex-start"
        self.feedback = widgets.HTML()
        self.feedback.add_class("nn-caption")
        asked = widgets.HTML(f"<b>Predict.</b> {question}")
        asked.add_class("nn-caption")
        style = widgets.HTML(page())
        style.add_class("nn-page")
        super().__init__([style, asked, self.choice, self.button, self.feedback])
        self.add_class("nn-exhibit")
        self.add_class("nn-predict")
        self.button.on_click(self._check)
        self.choice.observe(self._clear, "index")

    def _clear(self, _):
        self.feedback.value = ""

    def _check(self, _):
        if self.choice.index is None:
            self.feedback.value = "Choose an answer first; a wrong guess costs nothing."
            return
        chosen = list(self.options)[self.choice.index]
        right = chosen == self.answer()
        self.feedback.value = f"{'✓ Right.' if right else '✗ Not quite.'} {self.options[chosen]}"

    def __repr__(self):
        return f"Predict: {self.question}\n" + "\n".join(f"  ○ {name}" for name in self.options)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle = bundle[0] if isinstance(bundle, tuple) else bundle
        return bundle | {"text/plain": repr(self)}


def predict(question: str, options: dict, answer) -> Predict:
    """Ask for a commitment; comment on whatever was chosen.

    Parameters
    ----------
    question : str
    options : dict
        Each possible answer -> what to say to somebody who chose it. At least two.
    answer : function of no arguments
        Computes the right one of ``options``; it is never typed in.
    """
    if len(options) < 2:
        raise ValueError(f"predict takes at least two options, got {len(options)}")
    return Predict(question, options, answer)
