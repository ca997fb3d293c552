curl -X PATCH 'https://app.example.test/scim/v2/Users/u-1' \
  -H 'Authorization: Bear