import { useQuestion } from "../frame/question";
import { IncentivesDocument } from "../generated/dashboard";
import { useWords } from "../words/words";

/** How many codes are left this month, over all flows; what keeps them from being made comes first. */
export function BudgetLine({ flowKey }: { flowKey: string }) {
  const { say, number } = useWords();
  const { answer } = useQuestion(IncentivesDocument, {});
  // It takes a permission that who sets flows need not have.
  if (!answer) return null;
  const { isPermitted, perMonth, givenThisMonth, marginPercent, isMarginKept } = answer.incentives;
  const left = Math.max(0, perMonth - givenThisMonth);
  // Only of a cart is it known what would be bought with the code.
  const hasFloor = marginPercent > 0 && isMarginKept && flowKey === "abandoned-cart";
  return (
    <div className="budget" data-left={left}>
      {!isPermitted && (
        <p className="warning" role="status">
          {say("codes.permission")}
        </p>
      )}
      <p className="soft note">
        {say("codes.left", { left: number(left), all: number(perMonth), n: perMonth })}{" "}
        {hasFloor && say("codes.floor", { percent: number(marginPercent) })} {say("codes.where")}
      </p>
    </div>
  );
}
