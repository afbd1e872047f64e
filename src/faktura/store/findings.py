"""What a check found: a line each, and of every kind only some, or a broken table would bury all the rest."""

MOST_OF_A_KIND = 10


class Findings:
    """Lines in the order in which their kinds were first found."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], list[str]] = {}
        self._more: dict[tuple[str, str], int] = {}

    def add(self, table: str, kind: str, line: str) -> None:
        lines = self._kinds.setdefault((table, kind), [])
        if len(lines) < MOST_OF_A_KIND:
            lines.append(line)
        else:
            self._more[table, kind] = self._more.get((table, kind), 0) + 1

    def lines(self) -> list[str]:
        found: list[str] = []
        for kind, lines in self._kinds.items():
            found += lines
            if more := self._more.get(kind):
                found.append(f"{kind[0]}: and {more} more like these")
        return found
