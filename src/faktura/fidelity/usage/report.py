"""What a project uses, as text for people."""

from collections.abc import Iterator, Sequence

from faktura.fidelity.usage.usage import Attribute, Usage, Used

STATES = {"built": "built", "to come": "not built yet", "retired": "withdrawn", "unknown": "not in the contract"}


def report(usage: Usage) -> str:
    return "\n".join(_lines(usage))


def _lines(usage: Usage) -> Iterator[str]:
    ours = usage.requests - usage.left_out
    yield f"{ours} of {usage.requests} requests go to {len(usage.endpoints)} endpoints of the services."
    for state, words in STATES.items():
        found = [one for one in usage.endpoints if one.state == state]
        if found:
            yield f"{len(found)} of them {'is' if len(found) == 1 else 'are'} {words}."
    for one in usage.endpoints:
        yield ""
        yield from _of_endpoint(one)


def _of_endpoint(used: Used) -> Iterator[str]:
    section = f", section {used.section}" if used.section else ""
    yield f"{used.dialect}: {used.method} {used.path}{section}: {STATES[used.state]}; {_times(used.requests)}"
    if used.state == "built":
        yield f"  facts of the section: {_facts(used.facts)}"
    for word, attributes in (("asks by", used.asked), ("sends", used.sent), ("reads", used.read)):
        yield from _of_attributes(word, attributes, judged=used.state == "built")


def _of_attributes(word: str, attributes: Sequence[Attribute], *, judged: bool) -> Iterator[str]:
    known = [one for one in attributes if one.known or not judged]
    if known:
        yield f"  {word}: {', '.join(f'{one.name} ({_facts(one.facts)})' if judged else one.name for one in known)}"
    if unknown := [one.name for one in attributes if judged and not one.known]:
        yield f"  {word} what is not in the contract: {', '.join(unknown)}"


def _facts(facts: dict[str, int]) -> str:
    return ", ".join(f"{count} {origin}" for origin, count in facts.items()) or "no fact"


def _times(requests: int) -> str:
    return f"{requests} request{'' if requests == 1 else 's'}"
