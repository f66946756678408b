"""The Pulumi program: the stack's YAML, its secrets, and one command that applies them in one transaction."""

import pulumi

import supacron

stack = supacron.Stack()

pulumi.export("schedules", stack.schedules)
