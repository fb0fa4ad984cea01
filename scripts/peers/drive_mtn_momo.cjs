// Drives mtn-momo; only its address is changed.
"use strict";

const momo = require("mtn-momo");
const { step, expect } = require("./steps.cjs");

const { MOMO_BASE_URL: baseUrl, MOMO_SUBSCRIPTION_KEY: primaryKey } = process.env;

async function main() {
  const { Collections, Users } = momo.create({ callbackHost: "localhost", baseUrl });
  const users = Users({ primaryKey });
  const userId = await step("users.create", () => users.create("localhost"));
  const login = await step("users.login", () => users.login(userId));
  const collections = Collections({ userId, userSecret: login.apiKey, primaryKey });
  const payment = (partyId) => ({
    amount: "50",
    currency: "EUR",
    externalId: "123456",
    payer: { partyIdType: "MSISDN", partyId },
    payerMessage: "testing",
    payeeNote: "hello",
  });
  await step("getBalance", async () => expect((await collections.getBalance()).currency === "EUR", "no balance"));
  await step("isPayerActive", async () => expect((await collections.isPayerActive("46733123499", "msisdn")).result, "no"));
  const paid = await step("requestToPay", () => collections.requestToPay(payment("46733123499")));
  await step("getTransaction", async () => {
    expect((await collections.getTransaction(paid)).status === "SUCCESSFUL", "not final");
  });
  const rejected = await step("requestToPay, rejected", () => collections.requestToPay(payment("46733123451")));
  await step("getTransaction, rejected", async () => {
    const error = await collections.getTransaction(rejected).then(
      () => null,
      (reason) => reason,
    );
    expect(error instanceof momo.ApprovalRejectedError, `not the error for a rejection: ${error}`);
  });
  await step("requestToPay, refused", async () => {
    const error = await collections.requestToPay({ ...payment("46733123499"), currency: "UGX" }).then(
      () => null,
      (reason) => reason,
    );
    expect(error instanceof momo.InvalidCurrencyError, `not the error for a currency: ${error}`);
  });
}

main();
