// A small service made with scimmy-routers the way its own pages show: everything in memory, one bearer token.
// Prints its port on standard output when it is ready.
import crypto from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import Routers from "scimmy-routers";

function keep(Resource) {
  const kept = new Map();
  return {
    ingress(resource, data) {
      const { id } = resource;
      if (id && !kept.has(id)) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
      for (const [other, value] of kept) {
        const taken = data.userName !== undefined && value.userName?.toLowerCase() === data.userName?.toLowerCase();
        if (other !== id && taken) throw new SCIMMY.Types.Error(409, "uniqueness", "userName is taken");
      }
      // One moment a write: who is made was never changed, so created and lastModified are the same (RFC 7643 3.1).
      const now = new Date();
      const before = id ? kept.get(id) : { id: crypto.randomUUID(), meta: { created: now } };
      const after = { ...JSON.parse(JSON.stringify(data)), id: before.id, meta: { created: before.meta.created, lastModified: now } };
      kept.set(after.id, after);
      return after;
    },
    egress(resource) {
      if (!resource.id) return resource.filter ? resource.filter.match([...kept.values()]) : [...kept.values()];
      if (!kept.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
      return kept.get(resource.id);
    },
    degress(resource) {
      if (!kept.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    },
  };
}

SCIMMY.Resources.declare(SCIMMY.Resources.User, keep(SCIMMY.Resources.User));
SCIMMY.Resources.declare(SCIMMY.Resources.Group, keep(SCIMMY.Resources.Group));

const app = express();
app.use("/scim/v2", new Routers({
  type: "bearer",
  handler: (request) => {
    const [scheme, token] = (request.header("Authorization") ?? "").split(" ");
    if (scheme.toLowerCase() !== "bearer" || token !== process.env.PEER_TOKEN) throw new Error("Unknown token");
    return "";
  },
}));
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
