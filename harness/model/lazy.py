"""Lazy: attributes that are worked out when they are asked for, and kept in the ``__dict__`` of their object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class lazy(Generic[Value]):
    """As functools.cached_property, which takes a lock each time before Python 3.12: a judge asks for millions.

    Two threads at once may both work the value out; it is the same.
    """

    def __init__(self, func: Callable[[Any], Value]) -> None:
        self.func = func
        self.name = func.__name__
        self.__doc__ = func.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[Value]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> lazy[Value] | Value:
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.func(instance)
        return value
