"""A user of Django's with what django-scim2 asks for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django_scim.models import AbstractSCIMUserMixin


class User(AbstractUser, AbstractSCIMUserMixin):
    @property
    def scim_groups(self) -> Any:
        return self.groups.none()
