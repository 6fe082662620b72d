"""Tests of the protocol: no network, no clock, no sleep."""
