"""The pieces of the review page; besides ``app.py`` the only place that knows Streamlit."""
