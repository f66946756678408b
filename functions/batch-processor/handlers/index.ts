import { emailNotification } from "./email_notification.ts";
import type { Handlers } from "./handler.ts";
import { sqlFunction } from "./sql_function.ts";
import { transcription } from "./transcription.ts";
import { webhook } from "./webhook.ts";

/** The handler of each job type. To add a type: write its handler beside this file and name it here. */
export const handlers: Handlers = {
  email_notification: { run: emailNotification, limitSeconds: 30 },
  sql_function: { run: sqlFunction, limitSeconds: 60 },
  transcription: { run: transcription, limitSeconds: 100 },
  webhook: { run: webhook, limitSeconds: 30 },
};
