// The fail policy as it is told: what each layer does without what it depends on.
import { Type } from "typebox";
import { listOf } from "./json.ts";

export const FailPolicies = Type.Object(
  {
    layers: listOf(
      Type.Object({
        layer: Type.String(),
        dependsOn: Type.String(),
        onFailure: Type.String(),
        bound: Type.String(),
        now: Type.Boolean({ description: "Whether it is so at this moment, on the node that answers." }),
      }),
      "In the order in which a request meets them.",
    ),
    nodes: Type.Optional(
      Type.Integer({ description: "Live nodes, this one included; absent where the store is not shared." }),
    ),
    failStaticSeconds: Type.Integer({ description: "How long keys in memory are admitted past the lease." }),
    staleAdmissions: Type.Integer({ description: "Requests that this node so admitted since its start." }),
    countedAlone: Type.Integer({
      description: "Decisions on limits that this node made by its part of them since its start.",
    }),
  },
  { title: "FailPolicies" },
);
