import { Ask } from "../frame/Ask";
import { useSaving } from "../frame/saving";
import { request } from "../frame/request";
import { Trouble } from "../frame/states";
import { CustomerRejoinDocument, CustomerSeparateDocument, type IdentityFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";

interface Props {
  customerId: string;
  identities: IdentityFieldsFragment[];
  again: () => Promise<void>;
}

/** The handles that are this person; staff can say that one of them is somebody else, and take it back. */
export function IdentityList({ customerId, identities, again }: Props) {
  const { say } = useWords();
  const own = identities.filter(({ separatedAt }) => separatedAt === null);
  // An account has to stay one person with something before it can be kept apart from it.
  const isJoined = own.filter(({ kind }) => kind === "USER" || kind === "EMAIL").length > 1;
  return (
    <section>
      <h2>{say("identities.title")}</h2>
      <ul className="list identities">
        {identities.map((identity) => (
          <Handle key={identity.id} customerId={customerId} identity={identity} isJoined={isJoined} again={again} />
        ))}
      </ul>
    </section>
  );
}

interface HandleProps {
  customerId: string;
  identity: IdentityFieldsFragment;
  isJoined: boolean;
  again: () => Promise<void>;
}

function Handle({ customerId, identity, isJoined, again }: HandleProps) {
  const { say, date } = useWords();
  const saving = useSaving();
  const { id: identityId, kind, label, joinedAt, separatedAt } = identity;
  const separate = () =>
    saving.save(async () => (await request(CustomerSeparateDocument, { customerId, identityId })).customerSeparate, again);
  const rejoin = () =>
    saving.save(async () => (await request(CustomerRejoinDocument, { customerId, identityId })).customerRejoin, again);
  const isSeparable = separatedAt === null && isJoined && kind === "EMAIL";
  return (
    <li data-kind={kind} data-apart={separatedAt !== null}>
      <div>
        <strong>{say(`identity.${kind}`)}</strong> {label !== "" && <span className="handle">{label}</span>}
        <span className="soft note">
          {separatedAt
            ? say("identity.apart", { date: date(separatedAt) })
            : joinedAt && say(kind === "USER" ? "identity.made" : "identity.confirmed", { date: date(joinedAt) })}
        </span>
      </div>
      {isSeparable && (
        <Ask
          label={say("identity.separate")}
          question={say("identity.separate.ask")}
          yes={say("identity.separate.yes")}
          change={saving.change}
          onYes={separate}
        />
      )}
      {separatedAt && (
        <Ask
          label={say("identity.rejoin")}
          question={say("identity.rejoin.ask")}
          yes={say("identity.rejoin.yes")}
          change={saving.change}
          onYes={rejoin}
        />
      )}
      <Trouble saving={saving} />
    </li>
  );
}
