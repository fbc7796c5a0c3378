"""What only a person can answer: the evidence, the answers there are, and the option of the command line for each."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from segmentation.errors import AmbiguousReading
from segmentation.meaning.mapping import Choices

_FACTS = {
    "decimal": "The amounts in “{header}” allow {count} readings, for example {example}.",
    "date_order": "The dates in “{header}” allow {count} readings, for example {example}.",
    "currency": "The amounts of the file are in several currencies, which are never added: {readings}.",
    "zone": "The dates in “{header}” are told by different clocks, for example {example}.",
    "discount": "Nothing in the file proves how the discounts in “{header}” are written, for example {example}.",
    "discount_taken": "Nothing in the file proves whether its amounts are before or after the discounts in “{header}”.",
    "cost": "Nothing in the file proves whether “{header}” is a piece's cost or the line's, for example {example}.",
    "amount_holds": "Nothing in the file proves whether “{header}” holds {example} beside the goods.",
    "amounts_in": "“{header}” may be in hundredths, for example {example}.",
    "amount_of": "“{header}” is the same on all rows of an order: it may be the order's amount, or each row's.",
    "status": "“{example}” in “{header}” may or may not stand for a sale.",
    "guest": "“{example}” in “{header}” has more orders than a person has: it may stand for many buyers.",
    "ids": "Some ids in “{header}” look as if a spreadsheet had rewritten them, for example {example}.",
    "joins": "“{header}” can be joined with “{example}” by more than one key.",
    "column": "Nothing in the file proves whether “{header}” is the {example}.",
}
"""What is open, by the setting that answers it."""


@dataclass(frozen=True, slots=True)
class Question:
    """The setting it is about, the column, an example, and the answers there are with what each makes of the example.

    For `guest` the answers are guest and not_guest, for `column` and `status` they are “meaning=header”, “word=state”.
    """

    setting: str
    header: str
    example: str
    choices: tuple[tuple[str, str], ...]

    def option(self, value: str) -> str:
        """The option of the command line that gives this answer."""
        option, word = (value, self.example) if self.setting == "guest" else (self.setting, value)
        option = "join" if option == "joins" else option
        between = "=" if word.startswith("-") else " "  # a word that begins with a dash would be taken for an option
        return f"--{option.replace('_', '-')}{between}{shlex.quote(word)}"

    def answer(self, value: str) -> Choices:
        """What is decided where this answer is given; a column is the mapping's, so that it decides nothing here."""
        match self.setting:
            case "guest":
                return Choices(guests=(self.example,)) if value == "guest" else Choices(not_guests=(self.example,))
            case "status":
                word, _, state = value.rpartition("=")
                return Choices(statuses=((word, state),))
            case "column":
                return Choices()
            case "joins":
                return Choices(joins=(value,))
            case _:
                return Choices(**{self.setting: value})  # type: ignore[arg-type]

    @property
    def options(self) -> tuple[str, ...]:
        """Every answer as an option of the command line."""
        return tuple(self.option(value) for value, _ in self.choices)

    @property
    def fact(self) -> str:
        """What is open, as a sentence."""
        counts = {2: "two", 3: "three"}
        return _FACTS[self.setting].format(
            header=self.header,
            example=self.example,
            count=counts.get(len(self.choices), str(len(self.choices))),
            readings=", ".join(said for _, said in self.choices),
        )

    @property
    def error(self) -> AmbiguousReading:
        """The same as an error, for a door that cannot ask."""
        if self.setting == "currency":
            return AmbiguousReading(
                self.fact,
                readings=tuple(value for value, _ in self.choices),
                option=f"{' or '.join(self.options)} (the other rows are rejected), or with a rate for each of the "
                f"others, like --currency {self.choices[0][0]} --rate {self.choices[-1][0]}=0.9",
                options=self.options,
            )
        return AmbiguousReading(
            self.fact,
            readings=tuple(f"{said} ({value})" for value, said in self.choices),
            option=" or ".join(self.options),
            options=self.options,
        )
