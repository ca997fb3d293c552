curl -X PATCH https://app.example.test/scim/v2/Users/u-1 \
  -H 'Authorization: Bearer k' \
  -H 'Content-Type: application/scim+json' \
  --data '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}'
