"""Xianfeng (先锋): a city's service platform."""
