// What the people and the capacity of a service are called.
import { serviceOf } from "../core/text.js";

/**
 * Beds, children, or the people themselves.
 * @param {{ capacity_unit?: string }} service
 */
export function capacityWords({ capacity_unit = "people" }) {
  return `page.conditions.${capacity_unit === "people" ? "capacity" : capacity_unit}`;
}

/** @param {{ service: string, weights_basis: string }} plan */
export function peopleLabel(plan) {
  return serviceOf(plan.service)?.group === "60+" && plan.weights_basis !== "no-age-data" ? "page.card.elders" : "page.card.people";
}
