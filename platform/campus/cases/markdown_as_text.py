"""Writes Markdown as plain text, as mails need it: without marks, lists as lists, links with their addresses."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from campus.cases.markdown import renderer_of_packs

LINE = "―" * 10


def as_text(markdown: str, *, site: str, renderer: MarkdownIt | None = None) -> str:
    """The text as its readers see it. ``site`` is put before addresses that lead to a page of the site."""
    tree = SyntaxTreeNode((renderer or renderer_of_packs()).parse(markdown))
    return _Writer(site).blocks(tree.children)


class _Writer:
    def __init__(self, site: str) -> None:
        self._site = site

    def blocks(self, nodes: Sequence[SyntaxTreeNode], *, between: str = "\n\n") -> str:
        return between.join(filter(None, map(self._block, nodes)))

    def _block(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "inline":
                return self._inline(node.children)
            case "bullet_list":
                return self._list(node, ["- "] * len(node.children))
            case "ordered_list":
                first = int(node.attrs.get("start", 1))
                return self._list(node, [f"{number}. " for number in range(first, first + len(node.children))])
            case "blockquote":
                return _set_in(self.blocks(node.children), first="> ", others="> ")
            case "fence" | "code_block" | "math_block":
                return node.content.strip("\n")
            case "hr":
                return LINE
            case "table":
                return "\n".join(self._row(row) for part in node.children for row in part.children)
            case "footnote_block":
                return "\n".join(map(self._footnote, node.children))
            case _:
                return self.blocks(node.children)

    def _list(self, node: SyntaxTreeNode, marks: Sequence[str]) -> str:
        blocks = [block for one in node.children for block in one.children]
        is_loose = any(block.type == "paragraph" and not block.hidden for block in blocks)
        between = "\n\n" if is_loose else "\n"
        items = (self.blocks(one.children, between=between) for one in node.children)
        return between.join(
            _set_in(item, first=mark, others=" " * len(mark)) for mark, item in zip(marks, items, strict=True)
        )

    def _row(self, row: SyntaxTreeNode) -> str:
        return " | ".join(self.blocks(cell.children) for cell in row.children)

    def _footnote(self, node: SyntaxTreeNode) -> str:
        return f"[{node.meta['id'] + 1}] {self.blocks(node.children)}"

    def _inline(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        said = ""
        for before, node in zip([None, *nodes], nodes, strict=False):
            piece = self._piece(node)
            # Programs that make links of addresses would take Japanese that follows at once for a part of them.
            is_stuck = before is not None and before.type == "link" and piece[:1].isalnum()
            said += f" {piece}" if is_stuck else piece
        return said

    def _piece(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "softbreak" | "hardbreak":
                return "\n"
            case "link":
                return self._link(node)
            case "s":
                return f"~~{self._inline(node.children)}~~"
            case "footnote_ref":
                return f"[{node.meta['id'] + 1}]"
            case "em" | "strong":
                return self._inline(node.children)
            case _:  # Text, code, a formula, and of a picture its description.
                return node.content

    def _link(self, node: SyntaxTreeNode) -> str:
        words, address = self._inline(node.children), str(node.attrs["href"]).removeprefix("mailto:")
        if address.startswith("/"):
            address = f"{self._site}{address}"
        is_told = node.markup == "autolink" or words in ("", address)
        return address if is_told else f"{words} ({address})"


def _set_in(text: str, *, first: str, others: str) -> str:
    """Each line of the text behind its mark; empty ones stay empty where the mark is only room."""
    head, *rest = text.split("\n")
    return "\n".join([f"{first}{head}".rstrip(), *(f"{others}{line}".rstrip() for line in rest)])
