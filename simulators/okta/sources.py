"""Where each behaviour of Okta is known from."""

REFERENCE = "https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20"
REFERENCE_11 = "https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-11"
CONCEPTS = "https://developer.okta.com/docs/concepts/scim/"
FAQ = "https://developer.okta.com/docs/concepts/scim/faqs/"
CAPTURE_2018 = "https://github.com/oktadeveloper/okta-blog-archive/pull/1956"
TEST_SUITE_2016 = "https://github.com/joelfranusic-okta/okta-scim-beta"
LAB_2026 = "https://github.com/Timothy-itayi/okta-iam-lifecycle-lab"
EXISTING_USER = "https://support.okta.com/help/s/article/Existing-SCIM-User-Being-Created-at-Assignment"
FAILED_ASSIGNMENT = "https://devforum.okta.com/t/removing-user-from-app/7207"
DOUBLE_WRITE = "https://devforum.okta.com/t/scim-provisioning-fails-due-to-incorrect-search-filter/27262"
LIST_ECHO = "https://stackoverflow.com/questions/77524118"
STRING_NUMBERS = "https://support.okta.com/help/s/question/0D54z0000A4i091CQA"
PUSH_PREREQUISITES = (
    "https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-group-push-prerequisites.htm"
)
NO_RETRY = "https://github.com/fleetdm/fleet/issues/52600"
PUSH_OPERATIONS = "https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-group-push-operations.htm"
PUSH_TROUBLESHOOTING = (
    "https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-group-push-troubleshoot.htm"
)
TEST_PLAN = (
    "https://github.com/okta/okta-developer-docs/tree/master/packages/@okta/vuepress-site/.vuepress/public"
    "/standards/SCIM/SCIMFiles"
)
TASKS = "https://devforum.okta.com/t/22746"
RATE_LIMIT = (
    "https://support.okta.com/help/s/article/"
    "slack-provisioning-jobs-failed-with-error-api-rate-limit-exceeded-rate-limit-exceeded"
)
WIZARD = "https://developer.okta.com/docs/guides/submit-oin-app/scim/main/"
PREPARE = "https://developer.okta.com/docs/guides/scim-provisioning-integration-prepare/main/"
CONNECT = "https://developer.okta.com/docs/guides/scim-provisioning-integration-connect/main/"
BEARER_ADDED = "https://github.com/dbt-labs/docs.getdbt.com/pull/8900"
STALE_ACTIVE = "https://devforum.okta.com/t/scim-re-activate-and-re-assign-sends-wrong-active-field/14380"
USER_FIRST = "https://github.com/appsmithorg/appsmith/issues/25233"
FROZEN = "https://github.com/metabase/metabase/issues/48276"
EMPTY_PUSH = "https://github.com/Captain-P-Goldfish/SCIM-SDK/issues/757"
NO_TYPE = "https://github.com/Captain-P-Goldfish/SCIM-SDK/issues/419"
FILTERED_REMOVE = "https://github.com/goauthentik/authentik/issues/24173"
WHOLE_PUSH = "https://github.com/jelhub/scimgateway/issues/113"
NULL_DISPLAY = "https://github.com/jelhub/scimgateway/issues/95"
BATCH = "https://github.com/okta/okta-developer-docs/pull/2105"
DEACTIVATION_HELP = "https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-deactivate-user-account.htm"
STALE_MEMBER = "https://github.com/getsentry/sentry/issues/122540"
BOX_LOG = (
    "https://support.okta.com/help/s/article/"
    "system-log-query-for-deactivate-user-provisioning-feature-enablement-disablement"
)
AWS_EMPTY = (
    "https://support.okta.com/help/s/article/"
    "aws-provisioning-error-request-is-unparsable-syntactically-incorrect-or-violates-schema"
)
TRAILING_SLASH = "https://github.com/getsentry/sentry/pull/28016"
