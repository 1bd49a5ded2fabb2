export default {
  hns: {
    input: process.env.DOCUMENT,
    output: {
      target: "hns/hns.ts",
      client: "fetch",
      override: { mutator: { path: "at.ts", name: "at" } },
    },
  },
};
