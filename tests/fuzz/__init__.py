"""Whatever comes from outside, made up by a machine: `targets` says what is fed and what must hold.

`python -m tests.fuzz` feeds each target with atheris, guided by what the code does with an input; `make fuzz` runs that. The suite feeds a
few inputs of hypothesis to the same targets.
"""
