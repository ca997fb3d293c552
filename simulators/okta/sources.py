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
