"""How a gateway of ours is known from outside."""

PATH = "/health"
NAME = "supacron local gateway"
