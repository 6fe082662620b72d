"""Tests of the transports, against servers of their own on the loopback interface."""
