"""A small language: a grammar writes as many sentences as you like, for word vectors.

Its words come in pairs that differ in one thing, as king and queen differ in sex. Each word
stands beside words of its topic (throne) and words of its form (he, she), and nothing in a
sentence says which pairs belong together: that is for the learner to find.
"""

from __future__ import annotations

import numpy as np

from ..checks import generator, natural

# (male, female): words of their topic
PEOPLE = {
    ("king", "queen"): "crown throne palace castle",
    ("prince", "princess"): "castle horse palace ball",
    ("man", "woman"): "house job car town",
    ("boy", "girl"): "school toy ball friend",
    ("father", "mother"): "child house family garden",
    ("actor", "actress"): "stage film theatre role",
}
# (country, capital): words of their topic
PLACES = {
    ("france", "paris"): "french cheese wine",
    ("italy", "rome"): "italian pasta wine",
    ("japan", "tokyo"): "japanese rice tea",
    ("china", "beijing"): "chinese tea silk",
    ("egypt", "cairo"): "egyptian sand desert",
    ("germany", "berlin"): "german bread beer",
}
# (grown, young): words of their topic
ANIMALS = {
    ("dog", "puppy"): "barks bone lead",
    ("cat", "kitten"): "purrs mouse sofa",
    ("cow", "calf"): "moos meadow grass",
    ("sheep", "lamb"): "bleats wool meadow",
    ("horse", "foal"): "neighs stable grass",
    ("hen", "chick"): "clucks egg yard",
}
# (today, yesterday): words of their topic
ACTIONS = {
    ("walk", "walked"): "road shoes hill",
    ("cook", "cooked"): "soup kitchen pan",
    ("paint", "painted"): "wall brush colour",
    ("dance", "danced"): "music floor band",
    ("play", "played"): "game team ball",
    ("climb", "climbed"): "tree rope hill",
}
# For the first and the second word of a pair: sentences with its form, the topic in {t}.
FORMS = [
    (PEOPLE, ["the {w} said he likes his {t}", "he is a {w} with his {t} and his beard"],
     ["the {w} said she likes her {t}", "she is a {w} with her {t} and her dress"]),
    (PLACES, ["the country {w} has borders and {t}", "the people and regions of {w} love {t}"],
     ["the city {w} has streets and {t}", "the mayor and squares of {w} love {t}"]),
    (ANIMALS, ["the old {w} is strong and {t}", "a big {w} works near the {t}"],
     ["the young {w} is sweet and {t}", "a tiny {w} sleeps near the {t}"]),
    (ACTIONS, ["today we {w} with the {t}", "now they often {w} near the {t}"],
     ["yesterday we {w} with the {t}", "last year they {w} near the {t}"]),
]  # fmt: skip
RELATIONS = ("male : female", "country : capital", "grown : young", "today : yesterday")


def sentences(n: int, *, rng: np.random.Generator) -> list:
    """n sentences of the small language, each a list of words.

    Every sentence takes a pair, one word of it, a sentence form for that word and a word of
    its topic, all with equal chances. 156 different words.
    """
    entries = [(pair, topic.split(), *forms) for table, *forms in FORMS
               for pair, topic in table.items()]  # fmt: skip
    text = []
    for u in generator("sentences", rng).random((natural("sentences n", n), 4)):
        pair, topic, *forms = pick(entries, u[0])
        which = int(2 * u[1])
        text.append(pick(forms[which], u[2]).format(w=pair[which], t=pick(topic, u[3])).split())
    return text


def pick(options, u):
    """The option that u in [0, 1) falls on."""
    return options[int(u * len(options))]


def analogies() -> dict:
    """Questions by relation: a list of (a, b, c, d) with a : b = c : d.

    Within each of the four relations every pair with every other: 30 questions each.
    """
    return {
        relation: [(*p, *q) for p in table for q in table if p != q]
        for relation, (table, *_) in zip(RELATIONS, FORMS)
    }
