"""Contains all the data models used in inputs/outputs"""

from .access_token import AccessToken
from .balance import Balance
from .basic_user_info import BasicUserInfo
from .bc_authorize import BcAuthorize
from .bc_authorize_response import BcAuthorizeResponse
from .boolean_result import BooleanResult
from .cancel_invoice import CancelInvoice
from .cancel_invoice_result import CancelInvoiceResult
from .create_invoice import CreateInvoice
from .create_payments import CreatePayments
from .delivery_notification import DeliveryNotification
from .error_reason import ErrorReason
from .gateway_error import GatewayError
from .invoice_result import InvoiceResult
from .money import Money
from .oauth_2_token import Oauth2Token
from .oauth_2_token_request import Oauth2TokenRequest
from .party import Party
from .party_result import PartyResult
from .payment_result import PaymentResult
from .pre_approval import PreApproval
from .pre_approval_details import PreApprovalDetails
from .pre_approval_result import PreApprovalResult
from .request_to_pay import RequestToPay
from .request_to_pay_result import RequestToPayResult
from .token_error import TokenError
from .user_info import UserInfo

__all__ = (
    "AccessToken",
    "Balance",
    "BasicUserInfo",
    "BcAuthorize",
    "BcAuthorizeResponse",
    "BooleanResult",
    "CancelInvoice",
    "CancelInvoiceResult",
    "CreateInvoice",
    "CreatePayments",
    "DeliveryNotification",
    "ErrorReason",
    "GatewayError",
    "InvoiceResult",
    "Money",
    "Oauth2Token",
    "Oauth2TokenRequest",
    "Party",
    "PartyResult",
    "PaymentResult",
    "PreApproval",
    "PreApprovalDetails",
    "PreApprovalResult",
    "RequestToPay",
    "RequestToPayResult",
    "TokenError",
    "UserInfo",
)
