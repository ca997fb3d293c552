"""Where each behaviour of Generic is known from."""

CREATE = "https://www.rfc-editor.org/rfc/rfc7644#section-3.3"
FILTER = "https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2"
PAGING = "https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4"
REPLACE = "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.1"
PATCH = "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2"
DELETE = "https://www.rfc-editor.org/rfc/rfc7644#section-3.6"
DISCOVERY = "https://www.rfc-editor.org/rfc/rfc7644#section-4"
