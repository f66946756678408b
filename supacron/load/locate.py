"""From a path of keys to a place in a YAML text."""

from __future__ import annotations

import yaml

from supacron.errors import Place
from supacron.model.paths import KeyPath


class NodeIndex:
    """The tree of a text that is known to be YAML, composed once, for looking places up."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._root: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
        self._children: dict[int, dict[str | int, tuple[yaml.Node, yaml.Node]]] = {}

    def place(self, path: KeyPath, *, key: bool = False) -> Place:
        """Where the value at `path` starts (a mapping's or list's key), or its closest parent that is there."""
        if self._root is None:
            return Place(self._file, 1, 1)
        here, found = self._root, self._root
        missing = False
        for part in path:
            pair = self._pairs(here).get(part)
            if pair is None:
                missing = True
                break
            found, here = pair
        at_key = key or missing or not isinstance(here, yaml.ScalarNode)
        mark = (found if at_key else here).start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _pairs(self, node: yaml.Node) -> dict[str | int, tuple[yaml.Node, yaml.Node]]:
        """Each child by its key: the node of the key (of a list item: the item itself) and of the value."""
        cached = self._children.get(id(node))
        if cached is not None:
            return cached
        pairs: dict[str | int, tuple[yaml.Node, yaml.Node]] = {}
        if isinstance(node, yaml.SequenceNode):
            pairs.update((index, (item, item)) for index, item in enumerate(node.value))
        elif isinstance(node, yaml.MappingNode):
            for key_node, value_node in node.value:
                if key_node.tag == "tag:yaml.org,2002:merge":
                    inherited = value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
                    for mapping in inherited:
                        for name, pair in self._pairs(mapping).items():
                            pairs.setdefault(name, pair)
            for key_node, value_node in node.value:
                pairs[str(key_node.value)] = (key_node, value_node)
        self._children[id(node)] = pairs
        return pairs
