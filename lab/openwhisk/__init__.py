"""A stand-in for the API server of OpenWhisk: `python -m lab.openwhisk`.

It keeps to the contract of OpenWhisk's REST API for namespaces, packages, actions, activations, web actions, limits and
invokers, and to the answers of the proxy in front of it. It runs no code: an invocation is answered by a Python
function of this machine (`handlers.py`). It has no triggers, rules, sequences or actions made of container images.
"""
