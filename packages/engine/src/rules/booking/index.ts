/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";
import { appointmentTimeWithoutZone } from "./appointment-time-without-zone.ts";
import { foreignBookingLink } from "./foreign-booking-link.ts";
import { missedCallTextOnAnsweredCall } from "./missed-call-text-on-answered-call.ts";
import { noShowMessageWithoutProof } from "./no-show-message-without-proof.ts";
import { reminderAnchoredOnBooking } from "./reminder-anchored-on-booking.ts";
import { reminderLeavesNoTime } from "./reminder-leaves-no-time.ts";
import { reminderOrderReversed } from "./reminder-order-reversed.ts";
import { reminderSurvivesCancellation } from "./reminder-survives-cancellation.ts";
import { statusMessageOnUnfilteredAppointment } from "./status-message-on-unfiltered-appointment.ts";

export const bookingRules: readonly Rule[] = [
  reminderLeavesNoTime,
  appointmentTimeWithoutZone,
  foreignBookingLink,
  reminderAnchoredOnBooking,
  reminderOrderReversed,
  missedCallTextOnAnsweredCall,
  noShowMessageWithoutProof,
  reminderSurvivesCancellation,
  statusMessageOnUnfilteredAppointment,
];
