"""cmd_travel.py"""
