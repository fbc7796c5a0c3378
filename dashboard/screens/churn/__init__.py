"""The Churn screen, and the parts that only it uses."""
