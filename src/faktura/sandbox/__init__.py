"""The sandbox: example data, sandbox.json, the control address."""
