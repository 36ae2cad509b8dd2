"""Trains the recogniser of printed lines and exports it to ONNX."""
