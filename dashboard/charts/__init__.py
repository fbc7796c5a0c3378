"""Result → Plotly figure, one module per subject. No Streamlit in here: figures are values that tests can look at.

A figure takes the `Palette` it is drawn with; text that came out of a file goes through `words.for_chart` first.
"""
