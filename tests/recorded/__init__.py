"""Answers of two versions of the program to the same requests, held against each other byte by byte."""
