# The steps of actions/checkout: which refspecs it fetches, what the refs are called here, and what it checks out. REF and DEPTH
# are its inputs. Without a ref it fetches the run's commit under the run's ref, whereby an annotated tag becomes lightweight.
set -euo pipefail

ref=${REF:-$GITHUB_REF}
commit=
[[ -n $REF ]] || commit=$GITHUB_SHA

case $ref in
  refs/heads/*) to=refs/remotes/origin/${ref#refs/heads/} ;;
  refs/pull/*) to=refs/remotes/pull/${ref#refs/pull/} ;;
  *) to=$ref ;;
esac
refspecs=("+${commit:-$ref}:$to")
case $ref in
  refs/*) ;;
  *) refspecs=("+refs/heads/$ref*:refs/remotes/origin/$ref*" "+refs/tags/$ref*:refs/tags/$ref*") ;;
esac

git init --quiet --initial-branch=main .
git remote add origin "file://$CHECKOUT_SOURCE"
if ((DEPTH > 0)); then
  git fetch --quiet --no-tags --prune "--depth=$DEPTH" origin "${refspecs[@]}"
else
  git fetch --quiet --prune origin '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*'
  if [[ -n $commit && $(git rev-parse --quiet --verify "$to" || true) != "$commit" ]]; then
    git fetch --quiet --no-tags origin "${refspecs[@]}"
  fi
fi

case $ref in
  refs/heads/*) git checkout --quiet --force -B "${ref#refs/heads/}" "$to" ;;
  refs/*) git checkout --quiet --force "$to" ;;
  *)
    if git show-ref --quiet --verify "refs/remotes/origin/$ref"; then
      git checkout --quiet --force -B "$ref" "refs/remotes/origin/$ref"
    else
      git checkout --quiet --force "refs/tags/$ref"
    fi
    ;;
esac
echo "Checked out $(git rev-parse HEAD)"
