"""Contains all the data models used in inputs/outputs"""

from .api_key import ApiKey
from .api_user import ApiUser
from .create_api_user import CreateApiUser
from .error_reason import ErrorReason
from .gateway_error import GatewayError

__all__ = (
    "ApiKey",
    "ApiUser",
    "CreateApiUser",
    "ErrorReason",
    "GatewayError",
)
