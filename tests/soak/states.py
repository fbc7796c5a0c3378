"""What widgets stand at, as Streamlit's page tells its server."""

from __future__ import annotations

from google.protobuf.message import Message
from streamlit.proto.WidgetStates_pb2 import WidgetState


def drawn(kind: str, widget: Message) -> WidgetState | None:
    """The state of a widget as it was drawn; None for one that has none, and for kinds that no visitor moves."""
    state, moved = WidgetState(id=widget.id), getattr(widget, "set_value", False)
    match kind:
        case "slider":
            state.double_array_value.data.extend(widget.value if moved else widget.default)
        case "selectbox":
            if moved:
                state.string_value = widget.raw_value
            elif widget.HasField("default"):
                state.string_value = widget.options[widget.default]
        case "button_group":
            usual = [widget.options[place].content for place in widget.default]
            state.string_array_value.data.extend(widget.raw_values if moved else usual)
        case "checkbox":
            state.bool_value = widget.value if moved else widget.default
        case "text_input" | "text_area":
            state.string_value = widget.value if moved else widget.default
        case "number_input":
            state.double_value = widget.value if moved else widget.default
        case _:
            return None
    return state


def wanted(widget: Message, value: object) -> WidgetState:
    """The state of a widget that somebody moves there, or presses where it is a button and the value is True."""
    state = WidgetState(id=widget.id)
    match value:
        case bool() if type(widget).__name__ == "Button":
            state.trigger_value = value
        case bool():
            state.bool_value = value
        case int() | float():
            state.double_array_value.data.append(value)
        case str():
            state.string_value = value
        case list():
            state.string_array_value.data.extend(value)
        case _:
            raise TypeError(f"No widget stands at {value!r}")
    return state
