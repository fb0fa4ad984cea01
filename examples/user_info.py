"""Read what a customer consents to share.

python examples/user_info.py [number]
"""

import asyncio
import sys

import momopy


async def show(number: str) -> bool:
    """Ask for consent, wait for it, and print what it covers."""
    async with momopy.Collection.from_env() as collection:
        # One call for the whole way: bc-authorize, waiting, the token, the fields.
        answer = await collection.ask_user_info(msisdn=number, scope="profile", timeout=120)
        if not answer.ok:
            print(f"{answer.data['outcome']}: {answer.data['message']}")
            return False
        for field, held in sorted(answer.data.items()):
            print(f"{field:<24} {held}")
        return True


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(show((sys.argv[1:] or ["46733123499"])[0])) else 1)
