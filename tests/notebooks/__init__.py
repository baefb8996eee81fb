"""The test system of the notebooks. ``pytest notebooks/X.ipynb`` runs all of it over one notebook.

An author's loop: edit, ``python -m tests.refresh notebooks/X.ipynb``, ``pytest notebooks/X.ipynb``.

plugin      what pytest does with a notebook: ``static``, its cells, ``widgets``, ``solved``
static      what is said without running it: ``code`` (cells, outputs), ``prose``, ``tex``
pictures    whether two pictures show the same
sweep       every control of every exhibit moved: ``frontend`` speaks with the kernel, ``unit`` is
            one exhibit, ``domains`` the values to try, ``buttons`` and training, ``probe`` looks
            into the kernel
solved      the notebook with the keys in the place of its exercises
canonical   the stored form, written by ``tests.refresh``
kernels     the environment of every kernel; ``network`` keeps tests on this machine
planted     faults that the sweep must find, and sound exhibits it must leave in peace

What a rule forbids and an exhibit means on purpose: ``<code>nan</code>`` in a caption is not a NaN
that slipped through; a control of a new kind brings samples, ``good = [...]`` and ``bad = [...]``.
"""
