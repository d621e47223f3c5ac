"""How the learned method's trees are grown: ``python -m briefing.condense.train DATA``.

Needs the extra ``train`` (LightGBM, rouge-score). Nothing else imports this package.
"""
