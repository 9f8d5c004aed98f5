import type { DatedSource } from "./dated-source.ts";
import type { RecordContext } from "./record-contexts.ts";

export interface TriggerType {
  /** The name the builder shows. */
  readonly name: string;
  /** Records the trigger brings along, besides contact, user and location. */
  readonly supplies: readonly RecordContext[];
  /** Happens again and again to one contact by its nature: re-entry switched off makes it work only once. */
  readonly recurring?: true;
  /** Runs again per record whatever the workflow's re-entry switch says (appointments, invoices). */
  readonly ignoresReentrySwitch?: true;
  /** A person who was not known before comes in here: what is lost behind it is a lost lead. */
  readonly leadCapture?: true;
  /** The contact did something seconds ago (wrote, called, filled a form), so an answer is expected. */
  readonly contactActs?: true;
  /** Can run with no contact at all until a step creates or finds one. */
  readonly contactless?: true;
}

export const triggerTypesSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "github.com/uxieee/uxie-ghl-factory engine/catalog.data.json @ c24d716b",
    "help article 155000002292 (list of triggers)",
    "help article 48001239875 (re-entry: appointment and invoice triggers ignore the switch)",
    "help article 48001237383 (inbound webhook runs without a contact)",
  ],
};

/**
 * HighLevel's own trigger types by stored identifier. Not closed: an identifier that is missing here is unknown, and
 * what it supplies is unknown too.
 */
export const triggerTypes = {
  // Contact
  birthday_reminder: { name: "Birthday Reminder", supplies: [], recurring: true },
  contact_changed: { name: "Contact Changed", supplies: [] },
  contact_created: { name: "Contact Created", supplies: [], leadCapture: true },
  dnd_contact: { name: "Contact DND", supplies: [] },
  contact_tag: { name: "Contact Tag", supplies: [] },
  custom_date_reminder: { name: "Custom Date Reminder", supplies: [], recurring: true },
  note_add: { name: "Note Added", supplies: ["note"] },
  note_changed: { name: "Note Changed", supplies: ["note"] },
  task_added: { name: "Task Added", supplies: ["task"] },
  task_due_date_reminder: { name: "Task Reminder", supplies: ["task"], recurring: true },
  task_completed: { name: "Task Completed", supplies: ["task"] },
  contact_engagement_score: { name: "Contact Engagement Score", supplies: [] },

  // Events
  inbound_webhook: {
    name: "Inbound Webhook",
    supplies: ["inboundWebhook"],
    leadCapture: true,
    contactless: true,
  },
  scheduler_trigger: { name: "Scheduler", supplies: [], recurring: true, contactless: true },
  call_status: { name: "Call Details", supplies: ["call", "message"], recurring: true, contactActs: true },
  mailgun_email_event: { name: "Email Events", supplies: ["message", "campaign"] },
  customer_reply: { name: "Customer Replied", supplies: ["message"], recurring: true, contactActs: true },
  user_replied: { name: "User Replied", supplies: ["message"] },
  inbound_trigger: { name: "Inbound Trigger", supplies: [] },
  conv_ai_trigger: { name: "Conversation AI", supplies: ["message"], contactActs: true },
  conv_ai_autonomous_trigger: { name: "Conversation AI (autonomous)", supplies: ["message"], contactActs: true },
  form_submission: { name: "Form Submitted", supplies: ["form"], leadCapture: true, contactActs: true },
  survey_submission: { name: "Survey Submitted", supplies: ["form"], leadCapture: true, contactActs: true },
  quiz_submitted: { name: "Quiz Submitted", supplies: ["form"], leadCapture: true, contactActs: true },
  trigger_link: { name: "Trigger Link Clicked", supplies: [], contactActs: true },
  facebook_lead_gen: { name: "Facebook Lead Form Submitted", supplies: ["form"], leadCapture: true, contactActs: true },
  tik_tok_form_submitted: { name: "TikTok Form Submitted", supplies: ["form"], leadCapture: true, contactActs: true },
  linkedin_form_submitted: {
    name: "LinkedIn Lead Form Submitted",
    supplies: ["form"],
    leadCapture: true,
    contactActs: true,
  },
  google_lead_form_submitted: {
    name: "Google Lead Form Submitted",
    supplies: ["form"],
    leadCapture: true,
    contactActs: true,
  },
  video_event: { name: "Video Tracking", supplies: [], contactActs: true },
  validation_error: { name: "Number Validation", supplies: [] },
  messaging_errors: { name: "Messaging Error - SMS", supplies: ["message"] },
  funnel_website_pageview: { name: "Funnel/Website PageView", supplies: [], contactActs: true },
  reputation_review_received: { name: "New Review Received", supplies: ["review"], contactless: true },
  new_prospect_received_workflow: { name: "Prospect Generated", supplies: [], leadCapture: true },
  whatsapp_referral: { name: "Click to WhatsApp Ads", supplies: ["message"], leadCapture: true, contactActs: true },
  external_tracking: { name: "External Tracking Event", supplies: [] },
  conversations_sla: { name: "Conversations SLA", supplies: ["message"] },
  transcript_generated: { name: "Transcript Generated", supplies: ["call", "message"] },
  client_portal_file_uploaded: { name: "Client Portal File Uploaded", supplies: [], contactActs: true },

  // Appointments
  appointment: { name: "Appointment Status", supplies: ["appointment"], ignoresReentrySwitch: true },
  customer_appointment: {
    name: "Customer Booked Appointment",
    supplies: ["appointment"],
    ignoresReentrySwitch: true,
    contactActs: true,
  },
  service_booking: { name: "Service Booking", supplies: ["appointment"], ignoresReentrySwitch: true },
  rental_booking: { name: "Rental Booking", supplies: ["appointment"], ignoresReentrySwitch: true },

  // Opportunities
  opportunity_status_changed: { name: "Opportunity Status Changed", supplies: ["opportunity"] },
  opportunity_created: { name: "Opportunity Created", supplies: ["opportunity"] },
  opportunity_changed: { name: "Opportunity Changed", supplies: ["opportunity"] },
  pipeline_stage_updated: { name: "Pipeline Stage Changed", supplies: ["opportunity"] },
  opportunity_decay: { name: "Stale Opportunities", supplies: ["opportunity"], recurring: true },

  // Money and documents
  invoice: { name: "Invoice", supplies: ["invoice"], ignoresReentrySwitch: true },
  payment_received: { name: "Payment Received", supplies: ["payment", "order", "invoice"], recurring: true },
  two_step_form_submission: {
    name: "Order Form Submission",
    supplies: ["order"],
    recurring: true,
    leadCapture: true,
    contactActs: true,
  },
  order_submission: { name: "Order Submitted", supplies: ["order"], recurring: true, contactActs: true },
  proposal_estimate_update: { name: "Documents & Contracts", supplies: ["document"] },
  estimate_update: { name: "Estimates", supplies: ["document"] },
  subscription: { name: "Subscription", supplies: ["payment"] },
  refund: { name: "Refund", supplies: ["payment"] },
  coupon_code_applied: { name: "Coupon Code Applied", supplies: ["order"], contactActs: true },
  coupon_code_expired: { name: "Coupon Code Expired", supplies: [] },
  coupon_code_redeemed: { name: "Coupon Code Redeemed", supplies: ["order"], contactActs: true },
  coupon_redemption_limit_reached: { name: "Coupon Redemption Limit Reached", supplies: [] },
  abandoned_checkout: { name: "Abandoned Checkout", supplies: ["order"] },
  ecommerce_order_fulfilled_trigger: { name: "Order Fulfilled", supplies: ["order"], recurring: true },
  leadgen_ecommerce_review_submitted: { name: "Product Review Submitted", supplies: ["review"], contactActs: true },
  shopify_abandoned_cart: { name: "Shopify Abandoned Cart", supplies: ["order"] },
  shopify_order_placed: { name: "Shopify Order Placed", supplies: ["order"], recurring: true, contactActs: true },
  shopify_order_fulfilled: { name: "Shopify Order Fulfilled", supplies: ["order"], recurring: true },

  // Affiliates, courses, communities
  affiliate_created: { name: "Affiliate Created", supplies: [] },
  affiliate_sales: { name: "New Affiliate Sales", supplies: [] },
  affiliate_campaign_enroll: { name: "Affiliate Enrolled In Campaign", supplies: ["campaign"] },
  affiliate_new_lead: { name: "Lead Created", supplies: [], leadCapture: true },
  category_started: { name: "Category Started", supplies: ["course"], contactActs: true },
  category_completed: { name: "Category Completed", supplies: ["course"], contactActs: true },
  lesson_started: { name: "Lesson Started", supplies: ["course"], contactActs: true },
  lesson_completed: { name: "Lesson Completed", supplies: ["course"], contactActs: true },
  membership_contact_created: { name: "New Signup", supplies: ["course"], leadCapture: true, contactActs: true },
  offer_access_granted: { name: "Offer Access Granted", supplies: ["course"] },
  offer_access_removed: { name: "Offer Access Removed", supplies: ["course"] },
  product_access_granted: { name: "Product Access Granted", supplies: ["course"] },
  product_access_removed: { name: "Product Access Removed", supplies: ["course"] },
  product_started: { name: "Product Started", supplies: ["course"], contactActs: true },
  product_completed: { name: "Product Completed", supplies: ["course"], contactActs: true },
  user_log_in: { name: "User Login", supplies: ["course"], contactActs: true },
  certificates_issued_workflow: { name: "Certificates Issued", supplies: ["course"] },
  group_access_granted: { name: "Group Access Granted", supplies: [] },
  group_access_revoked: { name: "Group Access Revoked", supplies: [] },
  private_channel_access_granted: { name: "Private Channel Access Granted", supplies: [] },
  private_channel_access_revoked: { name: "Private Channel Access Revoked", supplies: [] },
  user_group_gamification_level_changed: { name: "Leaderboard Level Changed", supplies: [] },
  group_post_created: { name: "Group Post Created", supplies: [], contactActs: true },
  group_comment_created: { name: "Group Comment Created", supplies: [], contactActs: true },
  group_event_rsvp_created: { name: "Member Registered for Group Event", supplies: [], contactActs: true },
  group_membership_rejected: { name: "Group Joining Request Rejected", supplies: [] },

  // Phone menus, social, objects
  ivr_incoming_call: { name: "Start IVR", supplies: ["call"], recurring: true, contactActs: true },
  facebook_comment_on_post: { name: "Facebook - Comment(s) on a Post", supplies: ["message"], contactActs: true },
  ig_comment_on_post: { name: "Instagram - Comment(s) on a Post", supplies: ["message"], contactActs: true },
  tiktok_comment_on_post: { name: "TikTok - Comment(s) on a Video", supplies: ["message"], contactActs: true },
  ig_follower_added: { name: "Instagram New Follower", supplies: [], contactActs: true },
  custom_object_created: { name: "Object Created", supplies: ["customObject"] },
  custom_object_changed: { name: "Object Changed", supplies: ["customObject"] },
} as const satisfies Readonly<Record<string, TriggerType>>;

export type NativeTriggerType = keyof typeof triggerTypes;

/** Plain words accepted for a trigger type in graph and action-list documents. */
export const triggerTypeAliases: ReadonlyMap<string, NativeTriggerType> = new Map<string, NativeTriggerType>([
  ["form", "form_submission"],
  ["form_submitted", "form_submission"],
  ["survey", "survey_submission"],
  ["survey_submitted", "survey_submission"],
  ["tag", "contact_tag"],
  ["tag_added", "contact_tag"],
  ["tag_removed", "contact_tag"],
  ["contact_updated", "contact_changed"],
  ["customer_replied", "customer_reply"],
  ["reply", "customer_reply"],
  ["appointment_status", "appointment"],
  ["appointment_booked", "customer_appointment"],
  ["customer_booked_appointment", "customer_appointment"],
  ["stage_changed", "pipeline_stage_updated"],
  ["pipeline_stage_changed", "pipeline_stage_updated"],
  ["stale_opportunity", "opportunity_decay"],
  ["link_clicked", "trigger_link"],
  ["email_event", "mailgun_email_event"],
  ["webhook", "inbound_webhook"],
  ["schedule", "scheduler_trigger"],
  ["scheduler", "scheduler_trigger"],
  ["birthday", "birthday_reminder"],
  ["call", "call_status"],
  ["missed_call", "call_status"],
  ["payment", "payment_received"],
  ["order", "order_submission"],
  ["facebook_lead", "facebook_lead_gen"],
]);

const byIdentifier: ReadonlyMap<string, TriggerType> = new Map<string, TriggerType>(Object.entries(triggerTypes));

/** The native trigger type of an identifier, or undefined for a marketplace or unknown one. */
export function triggerTypeOf(identifier: string): TriggerType | undefined {
  return byIdentifier.get(identifier);
}
